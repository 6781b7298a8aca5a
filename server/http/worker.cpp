#include "server/http/worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

namespace tocsin::http {
namespace {

constexpr std::chrono::milliseconds kReap{250};

}  // namespace

Worker::Worker(Service const& service) : service_(service), guard_(context_.get_executor()), reaper_(context_) {}

Worker::~Worker() {
  if (thread_.joinable()) thread_.join();
}

void Worker::start() {
  reap();
  thread_ = std::thread([this] { context_.run(); });
}

void Worker::adopt(int descriptor, int family, TlsContext tls, Origin origin, std::function<void()> ended) {
  boost::asio::post(context_, [this, descriptor, family, tls = std::move(tls), origin = std::move(origin), ended = std::move(ended)]() mutable {
    Socket socket(context_);
    boost::system::error_code error;
    socket.assign(boost::asio::generic::stream_protocol(family, 0), descriptor, error);
    if (error || stopping_) return ended();
    auto stream = tls ? make_tls_stream(std::move(socket), std::move(tls)) : make_plain_stream(std::move(socket));
    auto session = std::make_unique<Session>(service_, std::move(stream), std::move(origin));
    boost::asio::co_spawn(context_, live(std::move(session), std::move(ended)), boost::asio::detached);
  });
}

Awaitable<void> Worker::live(std::unique_ptr<Session> session, std::function<void()> ended) {
  sessions_.push_back(*session);
  try {
    co_await session->run();
  } catch (std::exception const& error) {
    service_.log.error("session.failed", {{"what", error.what()}});
  }
  sessions_.erase(sessions_.iterator_to(*session));
  session->close();
  session.reset();
  ended();
}

void Worker::reap() {
  auto now = Session::Clock::now();
  for (Session& session : sessions_)
    if (session.deadline() <= now || (service_.draining && session.idle())) session.close();
  if (stopping_ && sessions_.empty()) {
    guard_.reset();
    return;
  }
  reaper_.expires_after(stopping_ ? std::chrono::milliseconds(10) : kReap);
  reaper_.async_wait([this](boost::system::error_code) { reap(); });
}

void Worker::drain() {
  boost::asio::post(context_, [this] { reaper_.cancel(); });
}

void Worker::stop() {
  boost::asio::post(context_, [this] {
    stopping_ = true;
    for (Session& session : sessions_) session.close();
    reaper_.cancel();
  });
  if (thread_.joinable()) thread_.join();
}

}  // namespace tocsin::http
