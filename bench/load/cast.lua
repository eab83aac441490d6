-- castBallot by wrk: every request has a voter and twenty choices of its own. Arguments: tokens file, its line length, the
-- first line to use, how many lines there are, the query as it stands in JSON.
local tokens, width, first, lines, prefix
sent, bad, example = 0, 0, ""  -- global, so that done() can read them
local numbers, ids = {}, {}
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init(args)
  tokens = assert(io.open(args[1], "rb"))
  width, first, lines = tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  tokens:seek("set", (first % lines) * width)
  math.randomseed(first + 1)
  for n = 1, 50 do numbers[n] = n; ids[n] = '"project/shanghai-2017/' .. n .. '"' end
  prefix = '{"query":' .. args[5] .. ',"variables":{"input":{"projectIds":['
end

local chosen = {}
local function choices()
  for n = 1, 20 do
    local other = math.random(n, 50)
    numbers[n], numbers[other] = numbers[other], numbers[n]
    chosen[n] = ids[numbers[n]]
  end
  return table.concat(chosen, ",")
end

local function next_token()
  local line = tokens:read(width)
  if line == nil then
    tokens:seek("set", 0)
    line = tokens:read(width)
  end
  return line:sub(1, width - 1)
end

function request()
  sent = sent + 1
  local body = prefix .. choices() .. "]}}}"
  return "POST " .. wrk.path .. " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nAccept: application/json\r\n" ..
    "Authorization: Bearer " .. next_token() .. "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

function response(status, headers, body)
  if status ~= 200 or not body:find('"violations":[]', 1, true) then
    if bad == 0 then example = status .. " " .. body:sub(1, 300) end
    bad = bad + 1
  end
end

function done(summary, latency)
  require("bench.load.report")(threads, summary, latency)
end
