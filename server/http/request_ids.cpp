#include "server/http/request_ids.hpp"

#include "schema/core/bytes.hpp"
#include "schema/core/digest.hpp"

namespace tocsin::http {

std::string RequestIds::next() {
  if (used_ == random_.size()) {
    core::random_bytes(random_);
    used_ = 0;
  }
  std::string_view bytes(reinterpret_cast<char const*>(random_.data()) + used_, kBytes);
  used_ += kBytes;
  return core::to_hex(bytes);
}

}  // namespace tocsin::http
