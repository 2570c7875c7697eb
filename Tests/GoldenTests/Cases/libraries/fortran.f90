! Calls the functions of fortran.pdl with blocks of uneven lengths: rank r gives r + 2 rows.
program main
  use, intrinsic :: iso_c_binding
  use mpi
  use ports
  implicit none
  type(c_ptr) :: handle
  integer :: error, rank, ranks, i, j
  integer(c_int64_t) :: rows, first, at, total
  real(c_double), allocatable :: a(:), m(:, :), scaled(:, :)
  integer(c_int64_t), allocatable :: k(:)
  real(c_double) :: sum_of_all, low

  call MPI_Init(error)
  call MPI_Comm_rank(MPI_COMM_WORLD, rank, error)
  call MPI_Comm_size(MPI_COMM_WORLD, ranks, error)
  rows = rank + 2
  first = rank * (rank + 3) / 2
  a = [(real(first + i, c_double), i = 0, int(rows) - 1)]
  k = [(first + i + 1, i = 0, int(rows) - 1)]
  allocate(m(3, rows), scaled(3, rows))
  do j = 1, int(rows)
    m(:, j) = [(a(j) + 0.25d0 * i, i = 1, 3)]
  end do

  if (ports_open(MPI_COMM_WORLD, handle) /= 0) call fail('open')
  if (ports_psum(handle, a, rows, sum_of_all) /= 0) call fail('psum')
  total = ranks * (ranks + 3) / 2
  if (sum_of_all /= real(total * (total - 1) / 2, c_double)) call fail('the sum is wrong')
  if (ports_ends(handle, -a, rows, low, at) /= 0) call fail('ends')
  if (low /= -real(total - 1, c_double) .or. at /= total - 1) call fail('the least is wrong')
  if (ports_scaled(handle, m, rows, 3_c_int64_t, 2.0d0, scaled) /= 0) call fail('scaled')
  if (any(scaled /= 2.0d0 * m)) call fail('the matrix is wrong')
  if (ports_inverses(handle, k, rows, 1_c_int64_t, at) == 0) call fail('a division by zero went unnoticed')
  if (rank == 0) print '(a)', message()
  if (ports_inverses(handle, k, rows, 0_c_int64_t, at) /= 0) call fail('inverses')
  if (at /= 1) call fail('the sum of inverses is wrong')
  call ports_close(handle)
  if (rank == 0) print '(a, i0, a)', 'fine on ', ranks, ' ranks'
  call MPI_Finalize(error)

contains

  function message()
    character(:), allocatable :: message
    character(kind=c_char), pointer :: text(:)
    integer :: length
    call c_f_pointer(ports_message(handle), text, [1024])
    length = 0
    do while (text(length + 1) /= c_null_char)
      length = length + 1
    end do
    allocate(character(length) :: message)
    do i = 1, length
      message(i:i) = text(i)
    end do
  end function

  subroutine fail(what)
    character(*), intent(in) :: what
    print '(2a)', what, ' failed'
    call MPI_Abort(MPI_COMM_WORLD, 1, error)
  end subroutine
end program
