#include "keep/message.h"

#include <errno.h>
#include <string.h>

#include <memory>

namespace forkmap::keep {
namespace {

// WHY per thread: each has its own children. WHY by a pointer: a C library has little room for the variables of threads
// in what is loaded late, and refuses an addon that wants more.
uint8_t* packet_space() {
  static thread_local std::unique_ptr<uint8_t[]> space(new uint8_t[kPacketBytes]);
  return space.get();
}

}  // namespace

Status send(int socket, const Header& header, const void* payload) {
  size_t bytes = header.payload_bytes;
  if (bytes > kInlineBytes) {
    auto file = sys::make_memory_file(bytes);
    if (!file) return file.error();
    int fd = file.value().get();
    Status written = sys::write_at(fd, payload, bytes, 0);
    if (!written) return written;
    return sys::send_packet(socket, &header, sizeof header, {&fd, 1});
  }
  uint8_t* space = packet_space();
  memcpy(space, &header, sizeof header);
  if (bytes > 0) memcpy(space + sizeof header, payload, bytes);
  return sys::send_packet(socket, space, sizeof header + bytes);
}

Status receive(int socket, Message& message) {
  uint8_t* space = packet_space();
  auto packet = sys::receive_packet(socket, space, kPacketBytes);
  if (!packet) return packet.error();
  size_t bytes = packet.value().bytes;
  if (bytes == 0) return SysError{EPIPE, "recvmsg"};
  if (bytes < sizeof message.header) return SysError{EBADMSG, "recvmsg"};
  memcpy(&message.header, space, sizeof message.header);
  message.inline_payload = nullptr;
  if (message.header.payload_bytes > kInlineBytes) {
    message.file = std::move(packet.value().fds[0]);
    return message.file ? Status(Done{}) : Status(SysError{EMFILE, "recvmsg"});
  }
  if (bytes != sizeof message.header + message.header.payload_bytes) return SysError{EBADMSG, "recvmsg"};
  message.inline_payload = space + sizeof message.header;
  return Done{};
}

Status read_payload(Message& message, void* into) {
  size_t bytes = message.header.payload_bytes;
  if (message.inline_payload) {
    if (bytes > 0) memcpy(into, message.inline_payload, bytes);
    return Done{};
  }
  for (size_t done = 0; done < bytes;) {
    auto got = sys::read_some(message.file.get(), static_cast<uint8_t*>(into) + done, bytes - done);
    if (!got) return got.error();
    if (got.value() == 0) return SysError{EBADMSG, "read"};
    done += got.value();
  }
  return Done{};
}

}  // namespace forkmap::keep
