-- wrk script: searches of the first NETWORKS networks of tables.py, in turn by value, by what contains an address, by what
-- lies within a /60, and the first 50 of the kind. Every network is searched for as often as any other.
--   wrk … -s search.lua URL -- NETWORKS
-- Prints one line `result {json}`.
local threads = {}

function setup(thread)
  thread:set("number", #threads + 1)
  table.insert(threads, thread)
end

function init(args)
  math.randomseed(number + tonumber(os.getenv("BENCH_SEED") or 0))
  networks, asked = tonumber(args[1]), 0
end

local function network()
  local chosen = math.random(0, networks - 1)
  return string.format("2a10:0:%x:%x", math.floor(chosen / 65536), chosen % 65536), chosen
end

function request()
  asked = asked + 1
  local which, prefix, chosen = asked % 4, network()
  if which == 0 then return wrk.format(nil, wrk.path .. "?limit=50&kind=ip-range&value=" .. prefix .. "::%2F64") end
  if which == 1 then return wrk.format(nil, wrk.path .. "?limit=50&contains=" .. prefix .. "::7") end
  if which == 2 then
    local first = chosen - chosen % 16
    local around = string.format("2a10:0:%x:%x", math.floor(first / 65536), first % 65536)
    return wrk.format(nil, wrk.path .. "?limit=50&within=" .. around .. "::%2F60")
  end
  return wrk.format(nil, wrk.path .. "?limit=50&kind=ip-range")
end

function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format('result {"requests":%d,"failed":%d,"broken":%d,"seconds":%.6f}', summary.requests, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6))
end
