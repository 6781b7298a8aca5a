// Makes items of the documents that a reader finds. Owned by who reads a body; one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "server/admission/items.hpp"

namespace tocsin::admission {

class Collector final : public Items {
 public:
  // What becomes of an item beyond what may be held: none is taken, or the reader stops behind the document that
  // reached it. That are kMostItems, those counting that say again what one said, and so many bytes of documents, those
  // counting that were refused: what is taken costs memory, and time to judge.
  enum class Beyond : std::uint8_t { refused, later };

  static constexpr std::size_t kMostBytes = 64u << 20;    // of a body that is read whole
  static constexpr std::size_t kStretchBytes = 8u << 20;  // of one that goes on later

  explicit Collector(Beyond beyond) : beyond_(beyond) {}

  bool take(Place place, stix::Json document) override;
  bool refuse(Place place, core::Error error) override;

  [[nodiscard]] bool is_full() const {
    return batch_.items.size() + repeats_ >= kMostItems ||
           bytes_ >= (beyond_ == Beyond::refused ? kMostBytes : kStretchBytes);
  }
  [[nodiscard]] bool is_empty() const { return batch_.items.empty(); }
  // There was an item beyond the most, and it was not taken.
  [[nodiscard]] bool refused_more() const { return refused_more_; }
  // What was collected, not yet in order; then there is nothing.
  [[nodiscard]] Batch take_batch();

 private:
  bool take_all(Place const& place, stix::Json document);
  bool take_repeated(Place const& place, kinds::Native const& native, std::size_t same, std::string const& ref);
  [[nodiscard]] bool is_beyond();
  std::optional<std::size_t> first_of(kinds::Native const& native);
  bool add(Item item, std::string const& ref);
  [[nodiscard]] bool goes_on() const { return beyond_ == Beyond::refused || !is_full(); }

  Beyond const beyond_;
  Batch batch_;
  std::map<std::pair<kinds::Kind const*, std::string>, std::size_t> by_value_;
  std::size_t repeats_ = 0;  // natives that say what an item says
  std::size_t bytes_ = 0;    // about, of all documents
  bool refused_more_ = false;
};

}  // namespace tocsin::admission
