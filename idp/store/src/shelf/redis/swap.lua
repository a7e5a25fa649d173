-- Compare and swap by version: the first bytes of the value.
-- KEYS[1]: the value. ARGV: the expected version, the new value, `PX` or `PXAT`, milliseconds.
-- Returns 1 done, 0 conflict, -1 absent.
local found = redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1)
if found == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], ARGV[3], ARGV[4])
  return 1
end
if found == '' and redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
return 0
