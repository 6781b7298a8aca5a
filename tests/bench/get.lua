-- wrk script: GET one URL over and over. Prints one line `result {json}`.
function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format('result {"requests":%d,"failed":%d,"broken":%d,"seconds":%.6f}', summary.requests, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6))
end
