# SPDX-License-Identifier: MIT
# Honest work for Ruby: garbage, threads, fibers, a child, signals, an exit handler.
words = (1..100_000).map { |i| "word #{i % 977}" }
puts words.tally.size, words.uniq.sort.first(2).inspect
puts (1..4).map { |i| Thread.new { (1..20_000).sum { |j| (j * i).to_s.size } } }.map(&:value).inspect
fiber = Fiber.new { 3.times { |i| Fiber.yield i * i }; :done }
puts Array.new(4) { fiber.resume }.inspect
def deep(n) = deep(n + 1) + 1
begin; deep(0); rescue SystemStackError then puts "too deep"; end
trap("USR1") { puts "signal" }
Process.kill("USR1", Process.pid)
sleep 0.05
pid = fork { puts "child"; $stdout.flush; exit!(6) }
Process.wait(pid)
puts $?.exitstatus, `echo backtick | tr a-z A-Z`
GC.start
at_exit { puts "at exit" }
exit 7
