-- wrk script: GET one URL over and over. Prints one line `result {json}`.
function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format('result {"requests":%d,"bytes":%d,"failed":%d,"broken":%d,"seconds":%.6f,"p50_us":%.0f,"p99_us":%.0f}',
    summary.requests, summary.bytes, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, latency:percentile(50), latency:percentile(99)))
end
