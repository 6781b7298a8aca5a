// The command line of `tocsind`: words to a verb. Main thread.
#pragma once

namespace tocsin::app {

// Returns the exit status: 0 done, 1 refused, failed, or a wrong command line.
int run_command_line(int argc, char** argv);

}  // namespace tocsin::app
