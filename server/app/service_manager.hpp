// Tells the service manager that started this process how it is (sd_notify(3)): nothing, where there is none. Pure; any
// thread.
#pragma once

#include <string_view>

namespace tocsin::app {

// Lines NAME=VALUE, as READY=1, to the socket that NOTIFY_SOCKET names. Who does not listen misses it: it is no error.
void tell_service_manager(std::string_view state);

// The same of a reload that begins: which also says when, in the manager's own clock.
void tell_of_reload();

}  // namespace tocsin::app
