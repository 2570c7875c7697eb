#include "pdl_numerics.h"
