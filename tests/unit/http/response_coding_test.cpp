#include "server/http/response_coding.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "server/http/content_coding.hpp"
#include "server/http/response_head.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

Response answer_of(std::size_t size) {
  Response response;
  response.body = std::string(size, 'x');
  return response;
}

Headers accepting(std::string_view codings) {
  Headers headers;
  headers.add("Accept-Encoding", codings);
  return headers;
}

std::string undo(Coding coding, std::string_view bytes) {
  auto decoder = make_decoder(coding);
  std::string out, room(4'096, '\0');
  for (;;) {
    auto made = decoder->decode(bytes, std::span(room));
    REQUIRE(made);
    if (*made == 0) break;
    out.append(room, 0, *made);
  }
  CHECK(decoder->complete());
  return out;
}

std::string drain(Response& response) {
  auto& source = std::get<std::unique_ptr<BodySource>>(response.body);
  std::string all;
  auto read = [&]() -> Awaitable<void> {
    for (;;) {
      auto piece = co_await source->next();
      if (!piece || piece->empty()) co_return;
      all += *piece;
    }
  };
  boost::asio::io_context context;
  boost::asio::co_spawn(context, read(), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
  return all;
}

TEST_CASE("A client that asks gets a compressed body that decodes to the same bytes", "[http][coding]") {
  for (Coding coding : {Coding::gzip, Coding::zstd}) {
    Response response = answer_of(50'000);
    apply_coding(accepting(name(coding)), response);
    CHECK(find_header(response, "Content-Encoding") == name(coding));
    CHECK(find_header(response, "Vary") == "Accept-Encoding");
    CHECK(undo(coding, body_bytes(response)) == std::string(50'000, 'x'));
  }
}

TEST_CASE("A long body is compressed piece by piece", "[http][coding]") {
  for (Coding coding : {Coding::gzip, Coding::zstd}) {
    Response response;
    response.body = std::make_shared<std::string const>(std::string(3'000'000, 'y'));
    apply_coding(accepting(name(coding)), response);
    REQUIRE(is_stream(response));
    CHECK(undo(coding, drain(response)) == std::string(3'000'000, 'y'));
  }
}

TEST_CASE("Who does not ask gets the plain body, and caches learn that others may", "[http][coding]") {
  Response response = answer_of(2'000);
  apply_coding(Headers(), response);
  CHECK(body_bytes(response).size() == 2'000);
  CHECK_FALSE(find_header(response, "Content-Encoding"));
  CHECK(find_header(response, "Vary") == "Accept-Encoding");
}

TEST_CASE("Small bodies, encoded ones and answers without a body stay as they are", "[http][coding]") {
  Response small = answer_of(1'024);
  apply_coding(accepting("gzip"), small);
  CHECK(small.headers.empty());
  Response encoded = answer_of(5'000);
  encoded.headers.emplace_back("Content-Encoding", "gzip");
  apply_coding(accepting("zstd"), encoded);
  CHECK(body_bytes(encoded) == std::string(5'000, 'x'));
  Response unchanged = answer_of(5'000);
  unchanged.status = 304;
  apply_coding(accepting("gzip"), unchanged);
  CHECK(unchanged.headers.empty());
}

TEST_CASE("A strong entity tag becomes weak when the bytes are encoded", "[http][coding]") {
  Response response = answer_of(5'000);
  response.headers.emplace_back("ETag", "\"a\"");
  apply_coding(accepting("gzip"), response);
  CHECK(find_header(response, "ETag") == "W/\"a\"");
  Response plain = answer_of(5'000);
  plain.headers.emplace_back("ETag", "\"a\"");
  apply_coding(Headers(), plain);
  CHECK(find_header(plain, "ETag") == "\"a\"");
}

}  // namespace
}  // namespace tocsin::http
