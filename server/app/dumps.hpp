// Keys, tokens and what is shared are in the memory of the server: no core file of it is written, and no other process
// of the same user may look into it. Main thread, before any other starts.
#pragma once

namespace tocsin::app {

void keep_memory_private();

}  // namespace tocsin::app
