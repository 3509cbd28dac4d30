// Success or a system error, without exceptions and without allocation: usable in every zone of a fork.
#pragma once

#include <utility>

namespace forkmap {

struct SysError {
  int number = 0;              // errno
  const char* call = nullptr;  // the system call that failed
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)), is_ok_(true) {}  // NOLINT: implicit on purpose, as in std::expected
  Result(SysError error) : error_(error), is_ok_(false) {}

  explicit operator bool() const { return is_ok_; }
  T& value() { return value_; }
  const T& value() const { return value_; }
  T take() { return std::move(value_); }
  const SysError& error() const { return error_; }

 private:
  T value_{};
  SysError error_{};
  bool is_ok_;
};

struct Done {};
using Status = Result<Done>;

}  // namespace forkmap
