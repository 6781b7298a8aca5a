#include "server/http/response_coding.hpp"

#include "server/http/content_coding.hpp"
#include "server/http/response_head.hpp"
#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

constexpr std::size_t kWorthIt = 1'024;      // below, head and round trip outweigh what is saved
constexpr std::size_t kAtOnce = 256 * 1024;  // gzip: some 3 ms of the thread's time
constexpr std::size_t kPiece = 128 * 1024;

class EncodedSource final : public BodySource {
 public:
  EncodedSource(Coding coding, Response& response) : encoder_(make_encoder(coding)) {
    whole_.body = std::move(response.body);
    rest_ = body_bytes(whole_);
  }

  Awaitable<core::Result<std::string>> next() override {
    std::string out;
    while (out.empty() && !finished_) {
      std::string_view piece = rest_.substr(0, kPiece);
      rest_.remove_prefix(piece.size());
      finished_ = rest_.empty();
      encoder_->encode(piece, finished_, out);
    }
    co_return out;
  }

 private:
  std::unique_ptr<Encoder> encoder_;
  Response whole_;  // keeps the bytes
  std::string_view rest_;
  bool finished_ = false;
};

void weaken_etag(Response& response) {
  for (auto& [name, value] : response.headers)
    if (equal_ignoring_case(name, "ETag") && value.starts_with('"')) value.insert(0, "W/");
}

}  // namespace

void apply_coding(Headers const& request, Response& response) {
  if (is_stream(response) || body_bytes(response).size() <= kWorthIt || has_no_body(response.status)) return;
  if (find_header(response, "Content-Encoding")) return;
  if (!find_header(response, "Vary")) response.headers.emplace_back("Vary", "Accept-Encoding");
  auto accepted = request.find("Accept-Encoding");
  Coding coding = accepted ? negotiate(*accepted) : Coding::identity;
  if (coding == Coding::identity) return;
  response.headers.emplace_back("Content-Encoding", name(coding));
  weaken_etag(response);
  if (body_bytes(response).size() <= kAtOnce)
    response.body = compress(coding, body_bytes(response));
  else
    response.body = std::make_unique<EncodedSource>(coding, response);
}

}  // namespace tocsin::http
