// The web console as it was when the program was built: no files when it was built without. Any thread.
#pragma once

#include <span>
#include <string_view>

namespace tocsin::endpoints {

struct ConsoleFile {
  std::string_view path;  // below the folder: "index.html", "assets/index-1a2b3c4d.js"
  std::string_view bytes;
};

[[nodiscard]] std::span<ConsoleFile const> console_files();  // clients/console/dist

}  // namespace tocsin::endpoints
