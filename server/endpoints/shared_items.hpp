// The answer to a body of items: what became of each, and of a long body what is worth telling. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "server/admission/items.hpp"
#include "server/endpoints/who_sees.hpp"

namespace tocsin::endpoints {

// A JSON document: schema/openapi.yaml, SharedItems. Memory does not follow the number of items.
class SharedAnswer {
 public:
  explicit SharedAnswer(bool dry) : dry_(dry) {}

  // What became of the next batch. From the second on only what is refused, or accepted with
  // notes, is told, each up to a bound; of a dry run up to
  // 8 MiB in all.
  void add(std::vector<admission::Item> items);
  // The line of the body on which the next batch begins.
  void next_line(std::size_t line) { next_line_ = line; }
  // Not all from the batch on that begins on that line was stored, for this reason.
  void stopped(core::Error why) { stopped_ = std::move(why); }

  [[nodiscard]] bool is_empty() const { return batches_ == 0; }
  // Whether all of the body was taken. Why an item is refused may quote what was sent, which no kept answer holds.
  [[nodiscard]] bool may_be_kept() const {
    return !stopped_ && counts_[static_cast<std::size_t>(admission::Item::Outcome::refused)] == 0;
  }
  // Of a dry run: under which classes what is not refused would be stored, 200 of them at most.
  [[nodiscard]] SeenClasses const& classes() const { return classes_; }
  // `readers`: who would see that, of a dry run.
  [[nodiscard]] std::string text(nlohmann::json const& readers) const;

 private:
  struct Told {
    std::string text;
    bool refused = false, noted = false;
  };

  void keep(Told told);
  void push(Told told);
  void note_classes(admission::Item const& item);

  bool const dry_;
  std::vector<Told> told_;
  std::size_t told_bytes_ = 0;
  std::array<std::size_t, 4> counts_{};  // by Outcome
  std::size_t batches_ = 0, refused_told_ = 0, noted_told_ = 0, left_out_ = 0, next_line_ = 1;
  std::optional<core::Error> stopped_;
  SeenClasses classes_;
};

}  // namespace tocsin::endpoints
