-- One query over and over, by wrk. Arguments: the request's body; "varied" to make every request's bytes its own.
local head, body, varied, same
sent, bad, example = 0, 0, ""  -- global, so that done() can read them
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init(args)
  head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
  body, varied = args[1], args[2] == "varied"
  same = head .. "Content-Length: " .. #body .. "\r\n\r\n" .. body
end

function request()
  sent = sent + 1
  if not varied then return same end
  local own = body:sub(1, -2) .. ',"extensions":{"request":' .. sent .. "}}"
  return head .. "Content-Length: " .. #own .. "\r\n\r\n" .. own
end

function response(status, headers, body)
  -- The ends are enough: "errors" stands before the data, or behind it. To search all would keep wrk busier than the server.
  local tail = body:sub(-100)
  local whole = tail:sub(-4) == "]}}}" or tail:find(']}},"extensions":{"cost":', 1, true)
  if status ~= 200 or body:sub(1, 9) ~= '{"data":{' or not whole then
    if bad == 0 then example = status .. " " .. body:sub(1, 300) end
    bad = bad + 1
  end
end

function done(summary, latency)
  require("bench.load.report")(threads, summary, latency)
end
