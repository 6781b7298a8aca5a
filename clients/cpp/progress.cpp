#include "clients/cpp/progress.hpp"

#include <algorithm>
#include <ostream>

namespace tocsin::client {

void Progress::show(std::size_t done, std::string_view note) {
  constexpr std::size_t kWidest = 30, kNarrowest = 5, kFrame = 3;
  if (!terminal_) return;
  // A full line would wrap on some terminals, and a wrapped line cannot be taken back.
  auto const columns = columns_();
  std::size_t const room = columns > 0 ? columns - 1 : 0;
  shown_ = std::to_string(done) + (total_ > 0 ? "/" + std::to_string(total_) : "") + " " + std::string(note);
  if (total_ > 0 && room >= shown_.size() + kFrame + kNarrowest) {
    auto const width = std::min(kWidest, room - shown_.size() - kFrame);
    auto const filled = std::min(width, done * width / total_);
    shown_.insert(0, "[" + std::string(filled, '#') + std::string(width - filled, ' ') + "] ");
  }
  shown_.resize(std::min(shown_.size(), room));
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
