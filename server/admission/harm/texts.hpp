// What stands in free text and was not meant for others: keys, tokens, numbers of cards, addresses of people. Finds
// what it is, and never says the text. Pure; any thread.
#pragma once

#include <string_view>

namespace tocsin::admission::harm {

struct Signs {
  bool key = false;    // a key or token of a known form, after `Bearer`, or a private key in PEM
  bool card = false;   // 13 to 19 digits of a payment card, in groups or not, whose check digit is right (Luhn)
  bool email = false;  // an e-mail address
  bool phone = false;  // + and 8 to 15 digits (E.164), in groups or not
};

// Linear in the text.
[[nodiscard]] Signs signs_in(std::string_view text);

}  // namespace tocsin::admission::harm
