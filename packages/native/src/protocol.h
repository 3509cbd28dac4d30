// The single copy of every number that two processes, or C++ and TypeScript, must agree on.
// addon.cc exports these to JavaScript at load; nothing retypes them.
#pragma once

#include <cstdint>

namespace forkmap {

// One message on a result pipe: this header, then `payload_bytes` bytes.
struct FrameHeader {
  uint32_t magic;
  uint32_t kind;
  int32_t first;  // the item (or the first of the items) that the frame is about
  int32_t count;  // how many items it is about
  uint64_t payload_bytes;
};
static_assert(sizeof(FrameHeader) == 24);

inline constexpr uint32_t kFrameMagic = 0x314d4b46;  // "FKM1"

enum class FrameKind : uint32_t {
  kResults = 1,  // payload: `count` results, one batch of the codec
  kThrown = 2,   // payload: what the function threw at item `first`
  kFailed = 3,   // payload: why the result of item `first` cannot be returned (JSON)
  kEnd = 4,      // the chunk is done: without it, nothing was proved
  // Without a payload:
  kNumbers = 5,     // the results are numbers, and in the call's sheet: a double per item, in shared memory
  kUndefineds = 6,  // the results are all undefined
};

// Why a child left, as it says itself on the board. A child that was killed says nothing.
enum class LeaveReason : int32_t {
  kNone = 0,
  kFinished = 1,   // END was written
  kExit = 2,       // the function called process.exit
  kHeap = 3,       // V8 ran out of heap
  kUnsettled = 4,  // nothing left in the event loop, the promise still pending
  kWrite = 5,      // the result pipe could not be written
  kMainThrew = 6,  // our own code in the child threw
  kStray = 7,      // a callback that belongs to no item threw: the items in flight have failed
  kWarm = 8,       // `warm` had failed: no item was begun, and a frame says why
};

// How the driver saw a child's chunk end.
enum class Ending : int32_t {
  kLeft = 0,           // by itself: see exit status and END
  kTimeout = 1,        // the call's deadline passed; killed
  kItemTimeout = 2,    // one item took too long; killed
  kMemoryLimit = 3,    // too much private memory; killed
  kAborted = 4,        // the caller cancelled; killed
  kDeadlock = 5,       // proved to sleep for ever; killed
  kBrokenFrame = 6,    // it wrote what is not a frame; killed
  kTooLarge = 7,       // a frame over the limit; killed
  kReadFailed = 8,     // the pipe could not be read; killed
  kNotForked = 9,      // there never was a child
  kOutputClosed = 10,  // it closed its result pipe without an end, and lived on; killed
  kSnapshotGone = 11,  // the snapshot or the lane that should have forked it is dead
};

// What a child finds in its process, as bits of what it is prepared with.
enum Inherited : uint32_t {
  kTimers = 1,        // timers are armed
  kImmediates = 2,    // immediates are pending
  kStdoutStream = 4,  // process.stdout has been made, as a stream of the event loop
  kStderrStream = 8,
  kRefedTimers = 16,  // timers keep the loop alive
  kRequests = 32,     // threads of the pool were at work for the loop, or something was being sent
};

// The board: one MAP_SHARED slot per lane, written by the child with plain stores, read by the driver and by the
// origin.
struct alignas(64) BoardSlot {
  int32_t pid;        // of the child at work, 0 when none
  int32_t begun;      // the next item to begin: items [start, begun) have begun
  int32_t done;       // items finished by this child
  int32_t reason;     // LeaveReason
  int32_t exit_code;  // what process.exit was given
  int32_t first;      // the first item of its chunk
  int32_t pending;    // items that are promises, which the child times itself
  int32_t spilled;    // entries of the spill that hold a result which is in no frame yet
  int64_t bytes;      // bytes of frames written
  double work_ms;     // what the chunk's items took, without the child's birth and death; 0 when not known
  double began_ms;    // when the chunk's items began, on the clock of the origin's performance.now(); 0 when not yet
  double encode_ms;   // the part of work_ms that went into encoding…
  double send_ms;     // …and into writing frames
  int32_t run_kind;   // kNumbers or kUndefineds: what the results of items [run_first, done) are, of which no frame…
  int32_t run_first;  // …has told yet; 0 where there are none
  // Of a chunk that may be cut shorter while it runs; accessed atomically.
  int32_t limit;    // the end of the chunk, as the origin has it now
  int32_t claimed;  // the end of what the child has taken to run
  int32_t awaited;  // 1: an item of the chunk was a promise
  // Where the origin has timers, which turn the child's loop too: not 0 while it turns for nothing else, and another
  // number after each time that it did.
  int32_t vain;
};
static_assert(sizeof(BoardSlot) == 128);

// The spill: beside its slot, each lane of a map has shared memory in which a child notes small results the moment they
// are there, so that they outlive it even if it dies before they are sent. JavaScript writes and reads it.
struct Spill {
  static constexpr int32_t kItems = 8192;
  static constexpr int32_t kTextBytes = 32 * 1024;
  double numbers[kItems];   // a number; or where a text begins, and…
  int32_t lengths[kItems];  // …how many bytes of UTF-8 it has
  int32_t indices[kItems];  // of the item
  uint8_t kinds[kItems];
  uint8_t text[kTextBytes];
};

inline constexpr int32_t kMaxLanes = 4096;
inline constexpr uint64_t kFailureBytes = 1 << 20;  // an item's failure may take as much, however small results must be
inline constexpr uint64_t kFlushBytes = 64 * 1024;  // a child sends what it has at the latest after so many bytes…
inline constexpr int32_t kFlushMs = 50;             // …or so many milliseconds
// How much longer an item may take at least where promises are pending: their own timers in the child end them one by
// one, if it still turns its loop.
inline constexpr int32_t kLoopGraceMs = 1'000;
// How long a kept child may take to leave when there is no chunk for it any more: its teardown, and what it has begun.
inline constexpr int32_t kLeavesWithinMs = 10'000;

}  // namespace forkmap
