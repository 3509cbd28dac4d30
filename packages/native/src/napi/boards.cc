#include "napi/boards.h"

#include <algorithm>
#include <vector>

#include "napi/environment.h"

namespace forkmap {
namespace {

constexpr size_t kMostIdle = 8;

// WHY of this process: what a child inherits is shared with the origin.
std::vector<std::shared_ptr<LentBoard>>& idle_boards() {
  static thread_local OfThisProcess<std::vector<std::shared_ptr<LentBoard>>> idle;
  return idle.get();
}

// INVARIANT: references to JavaScript's objects do not outlive the environment.
void let_go(void*) { idle_boards().clear(); }

Result<std::shared_ptr<LentBoard>> make(Napi::Env env, int lanes, bool has_spills) {
  auto made = Board::make(lanes, has_spills);
  if (!made) return made.error();
  auto board = std::make_shared<Board>(made.take());
  auto* kept = new std::shared_ptr<Board>(board);
  auto memory = Napi::ArrayBuffer::New(
      env, board->memory(), board->bytes(), [](Napi::Env, void*, std::shared_ptr<Board>* used) { delete used; }, kept);
  return std::make_shared<LentBoard>(LentBoard{std::move(board), Napi::Reference<Napi::ArrayBuffer>::New(memory, 1)});
}

}  // namespace

Result<std::shared_ptr<LentBoard>> borrow_board(Napi::Env env, int lanes, bool has_spills) {
  auto& idle = idle_boards();
  auto found = std::find_if(idle.begin(), idle.end(), [&](const std::shared_ptr<LentBoard>& one) {
    return one->board->lanes() == lanes && one->board->has_spills() == has_spills;
  });
  if (found == idle.end()) return make(env, lanes, has_spills);
  auto lent = std::move(*found);
  idle.erase(found);
  lent->board->clear();
  return lent;
}

void give_back(std::shared_ptr<LentBoard> lent) {
  auto& idle = idle_boards();
  at_end_of<let_go>(lent->memory.Env());
  idle.push_back(std::move(lent));
  if (idle.size() > kMostIdle) idle.erase(idle.begin());
}

}  // namespace forkmap
