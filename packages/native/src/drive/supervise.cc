#include "drive/supervise.h"

#include <errno.h>
#include <fcntl.h>

#include <algorithm>

#include "drive/family.h"
#include "drive/proc.h"
#include "sys/pages.h"

namespace forkmap {
namespace {

constexpr size_t kMaxCapturedBytes = 1 << 20;  // per stream; the end is kept
constexpr int64_t kStoppingEveryNs = 100'000'000;
constexpr int64_t kLeaveWithinNs = 2'000'000'000;
// WHY a bound: who writes without pause (the child, or a process that it has left behind) must not keep us here.
constexpr int kReadsAtOnce = 16;
constexpr int kLastReads = 128;

void capture(int& fd, std::string& text, int reads) {
  char buffer[16384];
  for (; reads > 0; reads--) {
    auto got = sys::read_some(fd, buffer, sizeof buffer);
    if (!got && got.error().number == EAGAIN) return;
    if (!got || got.value() == 0) {
      fd = -1;
      return;
    }
    text.append(buffer, got.value());
    if (text.size() > 2 * kMaxCapturedBytes) text.erase(0, text.size() - kMaxCapturedBytes);
  }
}

class Supervisor {
 public:
  Supervisor(const Supervision& plan, Outcome& outcome)
      : plan_(plan), outcome_(outcome), lines_(plan.lines), watch_(plan.limits, outcome.pid, plan.slot, *plan.memory) {}

  void run() {
    stopping_due_ns_ = sys::now_ns() + kStoppingEveryNs;
    while (is_open()) step();
    bool is_whole = outcome_.frames.state() == FrameReader::State::kEnded && outcome_.ending == Ending::kLeft;
    if (!(plan_.is_kept && is_whole)) finish(is_whole);
    read_board();
    drain_captured();
  }

 private:
  bool is_open() const {
    return outcome_.ending == Ending::kLeft && !is_at_end_ && outcome_.frames.state() == FrameReader::State::kOpen;
  }

  void step() {
    int64_t now = sys::now_ns();
    pollfd fds[] = {{lines_.output, POLLIN, 0},
                    {lines_.cancel, POLLIN, 0},
                    {lines_.process, POLLIN, 0},
                    {lines_.captured_out, POLLIN, 0},
                    {lines_.captured_err, POLLIN, 0}};
    int64_t sleep_ms = watch_.sleep_ms(now);
    // WHY only then: where nobody asks, this is never due again, and each wait would be none at all.
    if (plan_.is_stopping)
      sleep_ms = std::min(sleep_ms, std::max<int64_t>(0, (stopping_due_ns_ - now) / 1'000'000 + 1));
    auto ready = sys::wait_ready(fds, static_cast<int>(sleep_ms));
    if (!ready) return end(Ending::kReadFailed, ready.error());
    if (fds[1].revents) return end(Ending::kAborted);
    if (fds[3].revents) capture(lines_.captured_out, outcome_.captured_out, kReadsAtOnce);
    if (fds[4].revents) capture(lines_.captured_err, outcome_.captured_err, kReadsAtOnce);
    now = sys::now_ns();
    if (fds[0].revents) {
      read_frames();
      watch_.saw_life(now);
    } else if (fds[2].revents) {
      is_at_end_ = true;  // another process has its pipe open, but will write nothing that is worth waiting for
    }
    if (!is_open()) return;
    // WHY also when there was something to read: a child that writes without pause is watched like any other.
    Ending ending = watch_.look(now);
    if (ending != Ending::kLeft) return end(ending);
    if (plan_.is_stopping && now >= stopping_due_ns_) {
      stopping_due_ns_ = now + kStoppingEveryNs;
      if (plan_.is_stopping(plan_.stopping_data)) end(Ending::kAborted);
    }
  }

  void read_frames() {
    auto got = outcome_.frames.read_from(lines_.output);
    if (!got && got.error().number == EAGAIN) return;
    if (!got) return end(Ending::kReadFailed, got.error());
    if (got.value() == 0) is_at_end_ = true;
    if (outcome_.frames.state() == FrameReader::State::kBroken) end(Ending::kBrokenFrame);
    if (outcome_.frames.state() == FrameReader::State::kTooLarge) end(Ending::kTooLarge);
  }

  void end(Ending ending, SysError error = {}) {
    outcome_.ending = ending;
    outcome_.error = error;
    kill_family(lines_.process, outcome_.pid);
  }

  void finish(bool is_whole) {
    if (is_whole) {
      await_end_of_file();
    } else if (is_at_end_ && !proc::is_exiting(outcome_.pid)) {
      end(Ending::kOutputClosed);
    }
    auto exit = plan_.reaper->reap(outcome_.pid);
    if (exit) {
      outcome_.is_reaped = true;
      outcome_.exit = exit.value();
    } else {
      outcome_.error = exit.error();
    }
    // What it had written before it died is worth as much as before.
    for (int reads = 0; reads < kLastReads && is_readable_after_death(); reads++) {
    }
  }

  // After the end the child has only to leave; one that does not, or that writes on, is ended.
  void await_end_of_file() {
    int64_t give_up_ns = sys::now_ns() + kLeaveWithinNs;
    while (!is_at_end_ && outcome_.ending == Ending::kLeft) {
      pollfd fds[] = {{lines_.output, POLLIN, 0}, {lines_.process, POLLIN, 0}};
      auto ready = sys::wait_ready(fds, static_cast<int>(kLeaveWithinNs / 1'000'000));
      if (!ready) return end(Ending::kReadFailed, ready.error());
      if (fds[0].revents) {
        read_frames();
      } else if (fds[1].revents) {
        is_at_end_ = true;
      } else if (sys::now_ns() >= give_up_ns) {
        end(Ending::kOutputClosed);
      }
    }
  }

  bool is_readable_after_death() {
    if (outcome_.frames.state() != FrameReader::State::kOpen || is_at_end_) return false;
    auto got = outcome_.frames.read_from(lines_.output);
    return got && got.value() > 0;
  }

  void read_board() {
    volatile const BoardSlot& slot = *plan_.slot;
    outcome_.begun = slot.begun;
    outcome_.done = slot.done;
    outcome_.reason = static_cast<LeaveReason>(slot.reason);
    outcome_.exit_code = slot.exit_code;
    outcome_.work_ms = slot.work_ms;
    outcome_.began_ms = slot.began_ms;
    outcome_.encode_ms = slot.encode_ms;
    outcome_.send_ms = slot.send_ms;
    outcome_.run_kind = slot.run_kind;
    outcome_.run_first = slot.run_first;
    outcome_.has_awaited = slot.awaited != 0;
    int32_t spilled = slot.spilled;
    outcome_.spilled = std::clamp(spilled, 0, Spill::kItems);
    bool is_whole = outcome_.frames.state() == FrameReader::State::kEnded;
    if (plan_.spill && outcome_.spilled > 0 && !is_whole) outcome_.spill = std::make_unique<Spill>(*plan_.spill);
    outcome_.peak_private_bytes = peak_private_bytes();
    outcome_.ended_ns = sys::now_ns();
  }

  // As it was measured; else what its page faults and its resident memory allow at most.
  uint64_t peak_private_bytes() const {
    uint64_t seen = plan_.memory->peak_bytes();
    if (seen > 0 || !outcome_.is_reaped) return seen;
    return static_cast<uint64_t>(
        std::min(outcome_.exit.max_rss_kib * 1024, outcome_.exit.minor_faults * static_cast<int64_t>(sys::kPageBytes)));
  }

  void drain_captured() {
    if (lines_.captured_out >= 0) capture(lines_.captured_out, outcome_.captured_out, kLastReads);
    if (lines_.captured_err >= 0) capture(lines_.captured_err, outcome_.captured_err, kLastReads);
  }

  const Supervision& plan_;
  Outcome& outcome_;
  Lines lines_;
  Watch watch_;
  bool is_at_end_ = false;
  int64_t stopping_due_ns_ = 0;
};

}  // namespace

void supervise(const Supervision& plan, Outcome& outcome) { Supervisor(plan, outcome).run(); }

}  // namespace forkmap
