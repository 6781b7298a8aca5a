#include "clients/cpp/progress.hpp"

#include <algorithm>
#include <ostream>

namespace tocsin::client {

void Progress::show(std::size_t done, std::string_view note) {
  constexpr std::size_t kWidth = 30;
  if (!terminal_) return;
  std::size_t const filled = total_ == 0 ? kWidth : std::min(kWidth, done * kWidth / total_);
  shown_ = "[" + std::string(filled, '#') + std::string(kWidth - filled, ' ') + "] " + std::to_string(done) + "/" +
           std::to_string(total_) + " " + std::string(note);
  err_ << "\r\x1b[K" << shown_ << std::flush;
}

void Progress::line(std::string_view text) {
  auto const bar = shown_;
  clear();
  err_ << text << '\n';
  if (bar.empty()) return;
  shown_ = bar;
  err_ << shown_ << std::flush;
}

void Progress::clear() {
  if (shown_.empty()) return;
  err_ << "\r\x1b[K" << std::flush;
  shown_.clear();
}

}  // namespace tocsin::client
