-- A query over and over, by wrk. Arguments: the request's body. Or, so that no two requests are alike: the fewest and the most
-- rows, and two or more queries as they stand in JSON; each request asks one of them for so many rows at random.
local head, queries, fewest, most, same
sent, bad, example = 0, 0, ""  -- global, so that done() can read them
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init(args)
  head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
  if #args == 1 then
    same = head .. "Content-Length: " .. #args[1] .. "\r\n\r\n" .. args[1]
  else
    fewest, most, queries = tonumber(args[1]), tonumber(args[2]), {}
    for n = 3, #args do queries[n - 2] = '{"query":' .. args[n] .. ',"variables":{"first":' end
    math.randomseed(2017)
  end
end

function request()
  sent = sent + 1
  if same then return same end
  local own = queries[math.random(#queries)] .. math.random(fewest, most) .. '},"extensions":{"request":' .. sent .. "}}"
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
