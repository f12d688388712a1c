-- Posts the lines of the file BODIES, each thread its own share, in their order.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init()
  local every = tonumber(os.getenv("THREADS"))
  bodies, place = {}, 0
  local line_number = 0
  for line in io.lines(os.getenv("BODIES")) do
    if line_number % every == number then bodies[#bodies + 1] = line end
    line_number = line_number + 1
  end
  headers = { ["Content-Type"] = "application/json" }
end

function request()
  place = place % #bodies + 1
  return wrk.format("POST", "/v1/jawaban", headers, bodies[place])
end
