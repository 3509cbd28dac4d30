#include "napi/args.h"

#include <string_view>

#include "snapshot/wire.h"

namespace forkmap {

Limits limits_of(const Napi::Object& options) {
  Limits limits;
  double timeout_ms = number_or(options, "timeoutMs", -1);
  if (timeout_ms >= 0) limits.deadline_ns = sys::now_ns() + static_cast<int64_t>(timeout_ms * 1e6);
  limits.item_timeout_ns = static_cast<int64_t>(number_or(options, "itemTimeoutMs", 0) * 1e6);
  limits.memory_bytes = static_cast<uint64_t>(number_or(options, "memoryBytes", 0));
  return limits;
}

Chunk chunk_of(const Napi::Object& options) {
  return {static_cast<int32_t>(number_or(options, "start", 0)), static_cast<int32_t>(number_or(options, "end", 1)),
          static_cast<uint64_t>(number_or(options, "maxPayloadBytes", 0))};
}

uint32_t output_flags_of(const Napi::Object& options) {
  char text[16] = "";
  napi_value value = property_or_null(options, "stdio");
  if (value) (void)napi_get_value_string_utf8(options.Env(), value, text, sizeof text, nullptr);
  std::string_view stdio = text;
  if (stdio == "ignore") return wire::kIgnoreOutput;
  if (stdio == "capture") return wire::kCaptureOutput;
  return 0;
}

}  // namespace forkmap
