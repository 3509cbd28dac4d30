// Whether this Node is one that can be forked, as far as that can be known before.
#pragma once

#include <napi.h>

namespace forkmap {

// whyUnfit(): undefined, or why not, in words that follow the name of this Node. Prepare: to be called before anything
// is forked. Of a Node that is not known by name and version it forks one child, has that post a task, and waits for
// it.
Napi::Value why_unfit(const Napi::CallbackInfo& info);

#ifdef FORKMAP_FAULTS
// tryAsNode(major): what whyUnfit would say of a Node of that version which exports nothing by name.
Napi::Value try_as_node(const Napi::CallbackInfo& info);
#endif

}  // namespace forkmap
