#include "tests/support/folder.hpp"

#include <cstdlib>
#include <stdexcept>

namespace tocsin::test {

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = pattern;
}

Folder::~Folder() { std::filesystem::remove_all(path_); }

}  // namespace tocsin::test
