#include "v8/hidden_classes.h"

#include <v8-internal.h>

#include <algorithm>
#include <string>

namespace forkmap::v8_classes {
namespace {

using v8::internal::Address;
using v8::internal::Internals;

// More, and looking at each object is no longer much slower.
constexpr size_t kMostClasses = 8;

// SOURCE: V8, src/objects/js-objects.h: an object is its map, its properties, its elements, and then the properties
// that are in itself. `properties` is the empty array, an array that its map describes, a dictionary, or the object's
// hash as a small integer. Of an object that has properties, all of these but the dictionary show that its map
// describes them.
constexpr int kPropertiesOffset = v8::internal::kApiTaggedSize;
constexpr int kElementsOffset = 2 * v8::internal::kApiTaggedSize;

// SOURCE: V8, src/objects/fixed-array.h: a map and a length, then the elements. Those of an array that has accessors
// are in a dictionary, which has another map.
constexpr int kFirstElementOffset = 2 * v8::internal::kApiTaggedSize;

// SOURCE: Node, src/js_native_api_v8.h: a napi_value is a handle, which points to a slot that holds the tagged pointer.
Address address_of(napi_value handle) { return *reinterpret_cast<const Address*>(handle); }

bool is_heap_object(Address word) { return (word & 3) == v8::internal::kHeapObjectTag; }
bool is_smi(Address word) { return (word & 1) == 0; }
Address map_of(Address object) { return Internals::ReadTaggedPointerField(object, Internals::kHeapObjectMapOffset); }
Address properties_of(Address object) { return Internals::ReadRawField<Address>(object, kPropertiesOffset); }
Address elements_of(Address object) { return Internals::ReadRawField<Address>(object, kElementsOffset); }
Address element(Address elements, uint32_t row) {
  return Internals::ReadRawField<Address>(elements, kFirstElementOffset + static_cast<int>(row * sizeof(Address)));
}

// What is always at the same place, as V8 never moves it: it is read only, and shared by all objects.
struct Marks {
  Address no_properties;
  Address no_elements;
  Address property_array_map;
  Address fixed_array_map;
};

bool is_described_by_map(Address object, const Marks& marks) {
  if (!is_heap_object(object) || Internals::GetInstanceType(object) != Internals::kJSObjectType) return false;
  if (elements_of(object) != marks.no_elements) return false;
  Address properties = properties_of(object);
  return properties == marks.no_properties || is_smi(properties) || map_of(properties) == marks.property_array_map;
}

// More keys than any object has room for in itself, and fewer than make a dictionary of it.
constexpr int kManyKeys = 60;

// WHY not by assignment: an object that many keys are assigned to by number of their name becomes a dictionary sooner.
void add(const Napi::Object& object, const std::string& name,
         napi_property_attributes attributes = napi_default_jsproperty) {
  auto value = Napi::Boolean::New(object.Env(), true);
  object.DefineProperty(Napi::PropertyDescriptor::Value(name, value, attributes));
}

Napi::Object object_with(Napi::Env env, int keys) {
  auto object = Napi::Object::New(env);
  for (int i = 0; i < keys; i++) add(object, "k" + std::to_string(i));
  return object;
}

// Reads from objects that are known what cannot be asked for, and proves on others that it tells apart what it must.
std::optional<Marks> learn(Napi::Env env) {
  static_assert(sizeof(Address) == 8);
  if (v8::internal::kApiTaggedSize != sizeof(Address)) return std::nullopt;  // pointers are compressed
  Napi::HandleScope scope(env);
  auto empty = object_with(env, 0);
  auto wide = object_with(env, kManyKeys);
  Marks marks{properties_of(address_of(empty)), elements_of(address_of(empty)), 0, 0};
  Address wide_properties = properties_of(address_of(wide));
  if (!is_heap_object(marks.no_properties) || !is_heap_object(marks.no_elements)) return std::nullopt;
  if (!is_heap_object(wide_properties) || wide_properties == marks.no_properties) return std::nullopt;
  marks.property_array_map = map_of(wide_properties);
  if (marks.property_array_map == map_of(marks.no_properties)) return std::nullopt;

  auto twin = object_with(env, kManyKeys);
  auto narrow = object_with(env, 1);
  auto narrow_twin = object_with(env, 1);
  auto other = object_with(env, 0);
  auto hidden = object_with(env, 0);
  auto dictionary = object_with(env, kManyKeys);
  auto indexed = object_with(env, 1);
  auto without_prototype = env.RunScript("({ __proto__: null })").As<Napi::Object>();
  if (env.IsExceptionPending()) return std::nullopt;
  add(other, "other");
  add(without_prototype, "k0");
  add(hidden, "k0", static_cast<napi_property_attributes>(napi_writable | napi_configurable));
  dictionary.Delete("k0");
  indexed.Set(0u, true);

  Napi::Object members[] = {narrow, other, wide};
  auto list = Napi::Array::New(env, 3);
  for (uint32_t i = 0; i < 3; i++) list.Set(i, members[i]);
  Address elements = elements_of(address_of(list));
  if (!is_heap_object(elements) || elements == marks.no_elements) return std::nullopt;
  marks.fixed_array_map = map_of(elements);
  for (uint32_t i = 0; i < 3; i++) {
    if (element(elements, i) != address_of(members[i])) return std::nullopt;
  }

  auto class_of = [&](const Napi::Object& object) {
    Address address = address_of(object);
    return is_described_by_map(address, marks) ? map_of(address) : Address{0};
  };
  Address one = class_of(narrow);
  bool is_known = one != 0 && class_of(narrow_twin) == one && class_of(wide) != 0 && class_of(wide) == class_of(twin) &&
                  class_of(empty) != 0 && class_of(empty) != one && class_of(wide) != one && class_of(other) != 0 &&
                  class_of(other) != one && class_of(hidden) != 0 && class_of(hidden) != one &&
                  class_of(dictionary) == 0 && class_of(without_prototype) == 0 && class_of(indexed) == 0 &&
                  class_of(list) == 0;
  return is_known ? std::optional(marks) : std::nullopt;
}

// Once per thread, because each has an isolate of its own. A forked child has its parent's.
const std::optional<Marks>& marks_of(Napi::Env env) {
  thread_local std::optional<Marks> marks = learn(env);
  return marks;
}

}  // namespace

// INVARIANT: from the first look to the last nothing is allocated, so that nothing moves: words can be compared.
std::optional<std::vector<uint32_t>> representatives(Napi::Env env, const Napi::Array& objects) {
  const auto& marks = marks_of(env);
  if (!marks) return std::nullopt;
  Address elements = elements_of(address_of(objects));
  if (map_of(elements) != marks->fixed_array_map) return std::nullopt;
  std::vector<uint32_t> rows;
  Address known[kMostClasses];
  uint32_t length = objects.Length();
  for (uint32_t row = 0; row < length; row++) {
    Address object = element(elements, row);
    if (!is_described_by_map(object, *marks)) return std::nullopt;
    auto* end = known + rows.size();
    if (std::find(known, end, map_of(object)) != end) continue;
    if (rows.size() == kMostClasses) return std::nullopt;
    known[rows.size()] = map_of(object);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace forkmap::v8_classes
