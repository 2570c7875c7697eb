// Calls the functions of compounds.pdl with blocks of uneven lengths: rank r gives r + 1 elements.
#include "compounds.h"
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <string>
#include <vector>

static int rank_, ranks;
static compounds_handle *handle;

static void expect(bool condition, const std::string &what) {
    if (condition) return;
    std::cout << "rank " << rank_ << " of " << ranks << ": " << what << " " << compounds_message(handle) << std::endl;
    MPI_Abort(MPI_COMM_WORLD, 3);
}

static void records() {
    const int64_t count = rank_ + 1, first = rank_ * (rank_ + 1) / 2, all = ranks * (ranks + 1) / 2;
    std::vector<double> mass(count), x(count, 2.0), moved_mass(count), moved_x(count);
    std::iota(mass.begin(), mass.end(), double(first));
    double result, mass_of_one, x_of_one;
    expect(compounds_weight(handle, 3.0, 0.5, 2.0, 1, &result) == 0 && result == 7.0, "weight");
    expect(compounds_moment(handle, mass.data(), count, x.data(), count, &result) == 0 && result == double(all * (all - 1)), "moment");
    expect(compounds_moved(handle, mass.data(), count, x.data(), count, 2.0, 1.0, moved_mass.data(), moved_x.data()) == 0, "moved");
    expect(moved_mass == mass && moved_x == std::vector<double>(count, 5.0), "moved elsewhere");
    const double masses[] = {1.0, 2.0}, places[] = {3.0, 4.0};
    expect(compounds_table(handle, masses, 2, places, 2, 1, &mass_of_one, &x_of_one) == 0 && mass_of_one == 2.0 && x_of_one == 4.0, "table");
    std::vector<int64_t> twos(count, 2);
    expect(compounds_pairs(handle, mass.data(), count, twos.data(), count, &result) == 0 && result == double(all * (all - 1)), "pairs");
    expect(compounds_moment(handle, mass.data(), count, x.data(), rank_ == ranks - 1 ? count - 1 : count, &result) == 1, "fields of two lengths");
    double home[2] = {0.0, 0.0};
    expect(compounds_told(handle, masses, rank_ ? 0 : 2, places, rank_ ? 0 : 2, home) == 0 && home[1] == (rank_ ? 0.0 : 2.0), "told");
}

static void parts() {
    const int64_t count = rank_ + 1, all = ranks * (ranks + 1) / 2;
    std::vector<double> ones(count, 1.0), matrix(2 * count);
    for (int64_t i = 0; i < count; i++) matrix[2 * i] = double(rank_), matrix[2 * i + 1] = 1.0;
    double mine, total, two[2], rows[] = {double(rank_), -double(rank_)};
    expect(compounds_contribution(handle, ones.data(), count, &mine) == 0, "contribution");
    MPI_Allreduce(&mine, &total, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    expect(total == double(all), "contributions");
    expect(compounds_columns(handle, matrix.data(), count, 2, two) == 0, "columns");
    MPI_Allreduce(MPI_IN_PLACE, two, 2, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    expect(two[1] == double(all) && (ranks == 1 || two[0] > 0), "sums of columns");
    int64_t at, number, least;
    ones[0] = rank_ == ranks - 1 ? -1.0 : 1.0;
    expect(compounds_least(handle, ones.data(), count, &mine, &at) == 0, "least");
    MPI_Allreduce(&mine, &total, 1, MPI_DOUBLE, MPI_MIN, MPI_COMM_WORLD);
    expect(total == -1.0, "the least");
    at = mine == total ? at : all;
    MPI_Allreduce(&at, &least, 1, MPI_INT64_T, MPI_MIN, MPI_COMM_WORLD);
    expect(least == all - ranks, "where the least is");
    expect(compounds_combined(handle, 0.5 * (rank_ + 1), &total) == 0 && total == 0.5 * double(all), "combined");
    expect(compounds_most(handle, rows, 2, rank_ + 1, two, &number) == 0, "most");
    expect(two[0] == ranks - 1 && two[1] == 0.0 && number == 2 * all, "the most");
    uint8_t any;
    expect(compounds_any(handle, rank_ == ranks - 1, &any) == 0 && any == 1, "any");
    if (ranks > 1) expect(compounds_most(handle, rows, rank_ ? 2 : 1, 1, two, &number) == 2, "rows of two lengths");
    if (ranks > 1 && rank_ == 0) std::cout << compounds_message(handle) << std::endl;
}

static void own() {
    std::vector<double> x(rank_ + 1, double(rank_)), scale(1, 2.0);
    double result, *doubled;
    int64_t extents[1];
    expect(compounds_own(handle, x.data(), int64_t(x.size()), rank_, &result) == 0 && result == rank_ * (rank_ + 2.0), "own");
    expect(compounds_doubled(handle, x.data(), int64_t(x.size()), scale.data(), 1, &doubled, extents) == 0, "doubled");
    expect(extents[0] == rank_ + 1 && doubled[rank_] == 2.0 * ranks * rank_, "doubled otherwise");
    compounds_free(doubled);
    expect(compounds_own(handle, x.data(), int64_t(x.size()), rank_ == ranks - 1 ? rank_ + 1 : 0, &result) == 1, "an index out of range");
    if (rank_ == 0 && ranks < 3) std::cout << compounds_message(handle) << std::endl;
}

int main(int words, char **word) {
    MPI_Init(&words, &word);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    expect(compounds_open(MPI_Comm_c2f(MPI_COMM_WORLD), &handle) == 0, "open");
    records();
    parts();
    own();
    compounds_close(handle);
    if (rank_ == 0) std::cout << "fine" << std::endl;
    MPI_Finalize();
}
