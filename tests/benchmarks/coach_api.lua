-- For wrk: people ask the coach in turn, now for an analysis, now for recommendations.
-- Its one argument is a file with a line a person: their id, a space, their API key.
-- At the end it prints one line of JSON: latencies in milliseconds, requests a second, errors.

local people = {}
local threads = 0
local turn = 0

function setup(thread)
  thread:set("place", threads)
  threads = threads + 1
end

function init(args)
  for line in io.lines(args[1]) do
    local id, key = line:match("^(%d+) (%S+)$")
    people[#people + 1] = {id = id, key = key}
  end
  turn = place * 37
end

function request()
  turn = turn + 1
  local person = people[turn % #people + 1]
  local headers = {["Authorization"] = "Api-Key " .. person.key, ["Content-Type"] = "application/json"}
  local path = math.floor(turn / #people) % 2 == 0 and "/api/ml/analyze-weaknesses" or "/api/ml/recommend-training"
  return wrk.format("POST", path, headers, '{"user_id": ' .. person.id .. "}")
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '{"p50": %.2f, "p95": %.2f, "p99": %.2f, "requests": %d, "seconds": %.3f, "errors": %d}\n',
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000,
    summary.requests, summary.duration / 1e6, failed
  ))
end
