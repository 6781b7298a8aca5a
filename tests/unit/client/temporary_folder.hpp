// A folder that lives as long as a test. One thread.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace tocsin::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(TemporaryFolder const&) = delete;
  TemporaryFolder& operator=(TemporaryFolder const&) = delete;

  [[nodiscard]] std::filesystem::path const& path() const { return path_; }
  // Writes a file, with its folders, readable by its owner alone, and returns its path.
  std::filesystem::path file(std::string const& name, std::string const& text) const {
    auto const out = path_ / name;
    std::filesystem::create_directories(out.parent_path());
    std::ofstream(out, std::ios::binary) << text;
    using std::filesystem::perms;
    std::filesystem::permissions(out, perms::owner_read | perms::owner_write);
    return out;
  }

 private:
  std::filesystem::path path_;
};

inline std::string text_of(std::filesystem::path const& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace tocsin::test
