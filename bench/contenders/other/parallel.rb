# parallel.rb WORKLOAD ITEMS LANES MICROSECONDS: prints what measure/contender.ts answers.
require "json"
require "parallel"

workload = ARGV[0]
count, lanes, microseconds = ARGV[1..3].map(&:to_i)

def now_ms = Process.clock_gettime(Process::CLOCK_MONOTONIC, :float_millisecond)

spin = lambda do |x|
  stop = now_ms + microseconds / 1000.0
  nil while now_ms < stop
  x
end
multiply = ->(x) { x * 1234 }
function, factor, slice = workload == "cpu" ? [spin, 1, 250] : [multiply, 1234, 10_000]
items = (0...count).to_a

runs = Array.new(3) do
  began = now_ms
  results = Parallel.map(items.each_slice(slice).to_a, in_processes: lanes) { |part| part.map(&function) }.flatten(1)
  took = now_ms - began
  abort "wrong results" unless results == items.map { |x| x * factor }
  took
end
puts JSON.generate(importMs: 0, setupMs: 0, firstMs: runs[0], warmMs: runs[1..])
