#include "napi/constants.h"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>

#include "protocol.h"

namespace forkmap {
namespace {

using Named = std::initializer_list<std::pair<const char*, double>>;

Napi::Object to_object(Napi::Env env, Named numbers) {
  auto object = Napi::Object::New(env);
  for (const auto& [name, number] : numbers) object.Set(name, number);
  return object;
}

template <class Enum>
double code(Enum value) {
  return static_cast<double>(value);
}

Napi::Object frame_constants(Napi::Env env) {
  return to_object(env, {{"headerBytes", sizeof(FrameHeader)},
                         {"results", code(FrameKind::kResults)},
                         {"thrown", code(FrameKind::kThrown)},
                         {"failed", code(FrameKind::kFailed)},
                         {"end", code(FrameKind::kEnd)},
                         {"numbers", code(FrameKind::kNumbers)},
                         {"undefineds", code(FrameKind::kUndefineds)},
                         {"flushBytes", kFlushBytes},
                         {"flushMs", kFlushMs},
                         {"failureBytes", kFailureBytes}});
}

Napi::Object reason_constants(Napi::Env env) {
  return to_object(env, {{"none", code(LeaveReason::kNone)},
                         {"finished", code(LeaveReason::kFinished)},
                         {"exit", code(LeaveReason::kExit)},
                         {"heap", code(LeaveReason::kHeap)},
                         {"unsettled", code(LeaveReason::kUnsettled)},
                         {"write", code(LeaveReason::kWrite)},
                         {"mainThrew", code(LeaveReason::kMainThrew)},
                         {"stray", code(LeaveReason::kStray)},
                         {"warm", code(LeaveReason::kWarm)}});
}

Napi::Object ending_constants(Napi::Env env) {
  return to_object(env, {{"left", code(Ending::kLeft)},
                         {"timeout", code(Ending::kTimeout)},
                         {"itemTimeout", code(Ending::kItemTimeout)},
                         {"memoryLimit", code(Ending::kMemoryLimit)},
                         {"aborted", code(Ending::kAborted)},
                         {"deadlock", code(Ending::kDeadlock)},
                         {"brokenFrame", code(Ending::kBrokenFrame)},
                         {"tooLarge", code(Ending::kTooLarge)},
                         {"readFailed", code(Ending::kReadFailed)},
                         {"notForked", code(Ending::kNotForked)},
                         {"outputClosed", code(Ending::kOutputClosed)},
                         {"snapshotGone", code(Ending::kSnapshotGone)}});
}

Napi::Object inherited_constants(Napi::Env env) {
  return to_object(env, {{"timers", Inherited::kTimers},
                         {"immediates", Inherited::kImmediates},
                         {"requests", Inherited::kRequests},
                         {"stdoutStream", Inherited::kStdoutStream},
                         {"stderrStream", Inherited::kStderrStream},
                         {"refedTimers", Inherited::kRefedTimers}});
}

// Indices into a slot seen as an Int32Array, but for times, which are into a Float64Array.
Napi::Object slot_constants(Napi::Env env) {
  constexpr double kInt = sizeof(int32_t);
  return to_object(env, {{"bytesPerSlot", sizeof(BoardSlot)},
                         {"pid", offsetof(BoardSlot, pid) / kInt},
                         {"begun", offsetof(BoardSlot, begun) / kInt},
                         {"done", offsetof(BoardSlot, done) / kInt},
                         {"first", offsetof(BoardSlot, first) / kInt},
                         {"pending", offsetof(BoardSlot, pending) / kInt},
                         {"spilled", offsetof(BoardSlot, spilled) / kInt},
                         {"runKind", offsetof(BoardSlot, run_kind) / kInt},
                         {"runFirst", offsetof(BoardSlot, run_first) / kInt},
                         {"awaited", offsetof(BoardSlot, awaited) / kInt},
                         {"limit", offsetof(BoardSlot, limit) / kInt},
                         {"claimed", offsetof(BoardSlot, claimed) / kInt},
                         {"workMs", offsetof(BoardSlot, work_ms) / sizeof(double)},
                         {"beganMs", offsetof(BoardSlot, began_ms) / sizeof(double)},
                         {"encodeMs", offsetof(BoardSlot, encode_ms) / sizeof(double)}});
}

// The parts of a spill: byte offsets, and how much fits.
Napi::Object spill_constants(Napi::Env env) {
  return to_object(env, {{"items", Spill::kItems},
                         {"textBytes", Spill::kTextBytes},
                         {"numbers", offsetof(Spill, numbers)},
                         {"lengths", offsetof(Spill, lengths)},
                         {"indices", offsetof(Spill, indices)},
                         {"kinds", offsetof(Spill, kinds)},
                         {"text", offsetof(Spill, text)}});
}

}  // namespace

Napi::Object protocol_constants(Napi::Env env) {
  auto protocol = Napi::Object::New(env);
  protocol.Set("frame", frame_constants(env));
  protocol.Set("reason", reason_constants(env));
  protocol.Set("ending", ending_constants(env));
  protocol.Set("inherited", inherited_constants(env));
  protocol.Set("slot", slot_constants(env));
  protocol.Set("spill", spill_constants(env));
  protocol.Set("maxLanes", kMaxLanes);
  protocol.Set("loopGraceMs", kLoopGraceMs);
  protocol.Set("leavesWithinMs", kLeavesWithinMs);
  return protocol;
}

}  // namespace forkmap
