// The words of texts, and questions for those of an indicator. A word is letters and digits; of upper and lower case A
// to Z are the same. Pure; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::kinds {

// The words of a text, in order, each cut behind 40 bytes.
[[nodiscard]] std::vector<std::string> words_in(std::string_view text);

// The facets (searching.hpp) of the first `most` different words in name, description, collateral note and labels, and
// of what words begin with.
[[nodiscard]] std::vector<std::string> word_facets(stix::Json const& indicator, std::size_t most);

// What is looked for in the texts: words, phrases in quotation marks and beginnings of words with a star, all of which
// have to be there. What a user writes is read here, and goes to no other interpreter.
class TextQuery {
 public:
  // `residential proxy*`, `"seen in May"`, `10,000`, which is a phrase, too. Error property_value.
  [[nodiscard]] static core::Result<TextQuery> parse(std::string_view text);

  // What an indicator has when it is found; the longest words first.
  [[nodiscard]] std::vector<std::string> facets() const;
  // Whether that is all: else those that have the facets are to be compared.
  [[nodiscard]] bool is_told_by_facets() const;
  [[nodiscard]] bool matches(stix::Json const& indicator) const;

 private:
  struct Term {
    std::vector<std::string> words;  // next to each other
    bool begins = false;             // the last one is what a word begins with

    [[nodiscard]] bool begins_at(std::span<std::string const> text) const;
  };
  [[nodiscard]] static core::Result<Term> phrase(std::string_view text);
  [[nodiscard]] static core::Result<Term> plain(std::string_view text);
  [[nodiscard]] core::Result<void> check() const;

  std::vector<Term> terms_;
};

}  // namespace tocsin::kinds
