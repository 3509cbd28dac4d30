// What the origin and a kept child say to each other: one SOCK_SEQPACKET packet per message. A payload that is too
// large for a packet goes in a file in memory, whose descriptor comes with the packet.
//
//    0       4       8               16              24
//    ┌───────┬───────┬───────────────┬───────────────┬──────────────────────────────────┐
//    │ kind  │ count │ id            │ payload bytes │ payload …  or: one descriptor    │
//    │ u32   │ u32   │ f64           │ u64           │                                  │
//    └───────┴───────┴───────────────┴───────────────┴──────────────────────────────────┘
#pragma once

#include <cstdint>

#include "sys/calls.h"

namespace forkmap::keep {

struct Header {
  uint32_t kind;  // JavaScript's business; 0 is never sent
  uint32_t count;
  double id;
  uint64_t payload_bytes;
};
static_assert(sizeof(Header) == 24);

// WHY so much: up to here, a packet is sent and received in less time than a file is made, passed on and read.
inline constexpr size_t kInlineBytes = 48 * 1024;
inline constexpr size_t kPacketBytes = sizeof(Header) + kInlineBytes;

// A message that has come.
struct Message {
  Header header;
  const uint8_t* inline_payload = nullptr;  // until the next message
  UniqueFd file;                            // or else the payload is in here
};

// EAGAIN where the other side has not heard what was said before. Other errors: of what makes the file, or EPIPE.
Status send(int socket, const Header& header, const void* payload);

// EBADMSG for what is no message, EMFILE where this process had no room for the file's descriptor, EPIPE at the end.
// After EMFILE the header is right.
Status receive(int socket, Message& message);

// Copies the payload. EBADMSG where the file is shorter than was said.
Status read_payload(Message& message, void* into);

}  // namespace forkmap::keep
