-- What a run of wrk reports, as one line that the harness reads.
local function quoted(text)
  return '"' .. text:gsub("[%c\"\\]", function(c) return string.format("\\u%04x", c:byte()) end) .. '"'
end

return function(threads, summary, latency)
  local sent, bad, example = 0, 0, ""
  for _, thread in ipairs(threads) do
    sent, bad = sent + thread:get("sent"), bad + thread:get("bad")
    if example == "" then example = thread:get("example") end
  end
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    'REPORT {"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "sent": %d, "bad": %d, "failed": %d, "example": %s}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), sent, bad, failed, quoted(example)))
end
