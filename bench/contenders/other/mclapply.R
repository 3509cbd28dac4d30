# mclapply.R WORKLOAD ITEMS LANES MICROSECONDS: prints what measure/contender.ts answers.
library(parallel)
arguments <- commandArgs(trailingOnly = TRUE)
numeric_arguments <- as.numeric(arguments[2:4])
count <- numeric_arguments[1]; lanes <- numeric_arguments[2]; microseconds <- numeric_arguments[3]

now_ms <- function() as.numeric(Sys.time()) * 1000
spin <- function(x) {
  stop_at <- now_ms() + microseconds / 1000
  while (now_ms() < stop_at) {}
  x
}
is_cpu <- arguments[1] == "cpu"
work <- if (is_cpu) spin else function(x) x * 1234
items <- seq_len(count) - 1

runs <- sapply(1:3, function(run) {
  began <- now_ms()
  results <- mclapply(items, work, mc.cores = lanes)
  took <- now_ms() - began
  if (!isTRUE(all.equal(unlist(results), items * (if (is_cpu) 1 else 1234)))) stop("wrong results")
  took
})
cat(sprintf('{"importMs":0,"setupMs":0,"firstMs":%f,"warmMs":[%f,%f]}\n', runs[1], runs[2], runs[3]))
