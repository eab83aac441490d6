-- A document of its own in every request, by wrk: what a client without variables sends, or one that means harm.
local head
sent, bad, example = 0, 0, ""  -- global, so that done() can read them
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init(args)
  sent = tonumber(args[1])
  head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: "
end

function request()
  sent = sent + 1
  local body = '{"query":"{ a' .. sent .. ": projects(first: 5) { nodes { number title b" .. sent .. ': outcome } } }"}'
  return head .. #body .. "\r\n\r\n" .. body
end

function response(status, headers, body)
  if status ~= 200 or body:sub(1, 9) ~= '{"data":{' then
    if bad == 0 then example = status .. " " .. body:sub(1, 300) end
    bad = bad + 1
  end
end

function done(summary, latency)
  require("bench.load.report")(threads, summary, latency)
end
