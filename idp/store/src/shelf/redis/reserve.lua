-- Judges one more try and counts it, as `Tally::reserve` does in Rust.
-- KEYS[1]: the tally. ARGV: limit, leak, first pause, longest pause; spans in milliseconds.
-- Returns {1, tries left} or {0, milliseconds to wait}.
local limit, leak = tonumber(ARGV[1]), tonumber(ARGV[2])
local pause, longest = tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local tries, anchor, ends = 0, 0, 0
local held = redis.call('GET', KEYS[1])
if held then
  local a, b, c = string.match(held, '^(%d+) (%d+) (%d+)$')
  if a then tries, anchor, ends = tonumber(a), tonumber(b), tonumber(c) end
end

-- The leak. A clock that was set back must not stop it.
anchor = math.min(anchor, now)
local leaked = math.floor((now - anchor) / leak)
if leaked >= tries then
  tries, anchor = 0, now
else
  tries, anchor = tries - leaked, anchor + leaked * leak
end

ends = math.min(ends, now + longest)
if now < ends then return {0, ends - now} end
if pause == 0 and tries >= limit then return {0, anchor + leak - now} end

tries = tries + 1
if pause > 0 and tries >= limit then
  ends = now + math.min(longest, pause * 2 ^ math.min(tries - limit, 20))
end
local kept = math.max(anchor + tries * leak, ends) - now
redis.call(
  'SET', KEYS[1], string.format('%.0f %.0f %.0f', tries, anchor, ends),
  'PX', string.format('%.0f', kept))
return {1, math.max(0, limit - tries)}
