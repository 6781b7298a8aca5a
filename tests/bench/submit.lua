-- wrk script: POST envelopes of indicators, each with an id of its own, of 653 to 684 bytes canonical form.
-- All are marked GREEN but one in 10,000, which is CLEAR.
--   wrk … -s submit.lua URL -- OBJECTS_AN_ENVELOPE [ENVELOPES_IN_ALL [PAUSE_MS]]
-- ENVELOPES_IN_ALL 0: as many as there is time for. PAUSE_MS: between an answer and the next request of its connection.
-- Prints one line `result {json}` with what was acknowledged, refused and failed, and the 99th percentile of the latency.
local threads = {}

function setup(thread)
  thread:set("number", #threads + 1)
  table.insert(threads, thread)
end

-- 128 random bits as a UUID; the seed differs by thread and run.
local function uuid()
  return string.format("%08x-%04x-4%03x-%04x-%08x%04x", math.random(0, 0xffffffff), math.random(0, 0xffff),
    math.random(0, 0xfff), math.random(0x8000, 0xbfff), math.random(0, 0xffffffff), math.random(0, 0xffff))
end

local before = '{"created":"2026-03-01T10:00:00.000Z","created_by_ref":"identity--7d1c9c0e-2f6e-4b57-9a94-5a1d0f0b8c11",' ..
  '"description":"Exit of a residential proxy service that was seen in a harvesting campaign; see the campaign for the accounts.","id":"indicator--'
local middle = '","indicator_types":["anonymization"],"labels":["distillation","proxy"],"lang":"en","modified":"2026-03-01T10:00:00.000Z",' ..
  '"name":"Proxy exit","object_marking_refs":["marking-definition--'
local marked = '"],"pattern":"[ipv4-addr:value ISSUBSET \''
local after = '\']","pattern_type":"stix","spec_version":"2.1","type":"indicator","valid_from":"2026-03-01T10:00:00Z","valid_until":"2027-03-01T10:00:00Z"}'

local green, clear = "bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "94868c89-83c2-464b-929b-a1a8aa3c8487"

local function object()
  return before .. uuid() .. middle .. (math.random(10000) == 1 and clear or green) .. marked ..
    string.format("100.%d.%d.0/24", math.random(64, 127), math.random(0, 255)) .. after
end

function init(args)
  math.randomseed(os.time() * 100 + number + tonumber(os.getenv("BENCH_SEED") or 0))
  for _ = 1, 10 do math.random() end
  per_envelope = tonumber(args[1])
  left = (tonumber(args[2]) or 0) > 0 and math.ceil(tonumber(args[2]) / tonumber(os.getenv("BENCH_THREADS") or 1)) or -1
  if args[3] then
    local pause = tonumber(args[3])
    delay = function() return pause end
  end
  accepted, refused, failed = 0, 0, 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/taxii+json;version=2.1"
end

function request()
  local parts = {}
  for i = 1, per_envelope do parts[i] = object() end
  return wrk.format(nil, nil, nil, '{"objects":[' .. table.concat(parts, ",") .. "]}")
end

function response(status, headers, body)
  if status ~= 202 then
    failed = failed + 1
    return
  end
  accepted = accepted + tonumber(body:match('"success_count":(%d+)'))
  refused = refused + tonumber(body:match('"failure_count":(%d+)'))
  left = left - 1
  -- wrk sleeps for the whole duration unless a signal wakes it, which system() holds back while its shell runs.
  if left == 0 then os.execute("(sleep 0.02; kill -INT $PPID) &") end
end

function done(summary, latency, requests)
  local sums = { accepted = 0, refused = 0, failed = 0 }
  for _, thread in ipairs(threads) do
    for name in pairs(sums) do sums[name] = sums[name] + thread:get(name) end
  end
  local errors = summary.errors
  print(string.format(
    'result {"accepted":%d,"refused":%d,"failed":%d,"broken":%d,"seconds":%.6f,"p99_us":%.0f}',
    sums.accepted, sums.refused, sums.failed, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, latency:percentile(99)))
end
