// Where pulled objects go: standard output or a file, as lines or as one bundle. Owned by a command; one thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

enum class Format { ndjson, bundle };

// Writes every object once, byte for byte as the server sent it. (A server that breaks lines inside an object loses the
// breaks: in a line format they cannot stay, and in JSON they mean nothing.)
class ObjectWriter {
 public:
  ObjectWriter(std::ostream& out, Format format, bool may_repeat);

  void write(std::string_view object);
  void finish();
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  std::ostream& out_;
  Format format_;
  bool may_repeat_;  // the same object can come from several collections
  std::unordered_set<std::string> seen_;
  std::size_t count_ = 0;
};

// A file that appears under its name only when it is complete; given up, nothing is left behind.
class OutputFile {
 public:
  [[nodiscard]] static Outcome<OutputFile> create(std::filesystem::path path);
  // Of what nobody else on this machine is to read.
  [[nodiscard]] static Outcome<OutputFile> create_private(std::filesystem::path path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  [[nodiscard]] std::ostream& stream() { return stream_; }
  [[nodiscard]] Outcome<void> commit();  // durable when it returns

 private:
  [[nodiscard]] static Outcome<OutputFile> create(std::filesystem::path path, unsigned mode);
  OutputFile(std::filesystem::path path, std::filesystem::path part) : path_(std::move(path)), part_(std::move(part)) {}
  std::filesystem::path path_, part_;
  std::ofstream stream_;
};

}  // namespace tocsin::client
