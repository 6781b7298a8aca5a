-- wrk script: questions of what hits whom, in turn, as they stand in a file, one a line: bodies of POST match, or addresses that a
-- gateway asks about in a header of GET check.
--   wrk … -s match.lua URL -- FILE match|check
-- Prints one line `result {json}`.
function init(args)
  questions, asked = {}, 0
  for line in io.lines(args[1]) do
    local headers = {}
    for name, value in pairs(wrk.headers) do headers[name] = value end
    headers[args[2] == "check" and "Tocsin-IP" or "Content-Type"] = args[2] == "check" and line or "application/json"
    table.insert(questions, args[2] == "check" and wrk.format("GET", nil, headers) or wrk.format("POST", nil, headers, line))
  end
end

function request()
  asked = asked + 1
  return questions[asked % #questions + 1]
end

function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format('result {"requests":%d,"failed":%d,"broken":%d,"seconds":%.6f}', summary.requests, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6))
end
