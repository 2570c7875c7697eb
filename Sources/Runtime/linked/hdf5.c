/* Datasets of HDF5 files. HDF5 itself makes room and says where elements stand; what is there in one piece, in this machine's form, every
 * rank reads and writes in place like NumPy's. Chunked, compressed and big-endian datasets HDF5 reads, for each rank its own part. */
#include "pdl_files.h"
#include <hdf5.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* As h5py has it. */
static hid_t bool_type(void) {
    hid_t type = H5Tenum_create(H5T_NATIVE_INT8);
    H5Tenum_insert(type, "FALSE", &(signed char){0});
    H5Tenum_insert(type, "TRUE", &(signed char){1});
    return type;
}

/* The caller closes it. */
static hid_t type_of_element(int element) {
    switch (element) {
    case PDL_BOOL: return bool_type();
    case PDL_I32: return H5Tcopy(H5T_NATIVE_INT32);
    case PDL_I64: return H5Tcopy(H5T_NATIVE_INT64);
    case PDL_U32: return H5Tcopy(H5T_NATIVE_UINT32);
    case PDL_U64: return H5Tcopy(H5T_NATIVE_UINT64);
    case PDL_F32: return H5Tcopy(H5T_NATIVE_FLOAT);
    case PDL_F64: return H5Tcopy(H5T_NATIVE_DOUBLE);
    default: return -1;
    }
}

/* The element type that a file's type means, -1: none of PDL's. */
static int element_of_type(hid_t type) {
    size_t size = H5Tget_size(type);
    H5T_class_t class = H5Tget_class(type);
    if (class == H5T_FLOAT) return size == 8 ? PDL_F64 : size == 4 ? PDL_F32 : -1;
    if (class == H5T_ENUM) {
        signed char value = 0;
        return size == 1 && H5Tenum_valueof(type, "TRUE", &value) >= 0 && value == 1 ? PDL_BOOL : -1;
    }
    if (class != H5T_INTEGER) return -1;
    int is_signed = H5Tget_sign(type) != H5T_SGN_NONE;
    if (size == 8) return is_signed ? PDL_I64 : PDL_U64;
    return size == 4 ? (is_signed ? PDL_I32 : PDL_U32) : -1;
}

static void describe_type(hid_t type, char *out, size_t room) {
    static const char *const kinds[] = {"integer", "float", "time", "text", "bits", "opaque", "compound", "reference", "enumeration",
                                        "sequence", "array"};
    H5T_class_t class = H5Tget_class(type);
    snprintf(out, room, "%s of %zu bytes", class >= 0 && class < 11 ? kinds[class] : "unknown type", H5Tget_size(type));
}

/* ---- What is in a file ---- */

typedef struct { char *text; size_t room; } name_list;

static herr_t list_name(hid_t group, const char *name, const H5L_info_t *info, void *list) {
    (void)group, (void)info;
    name_list *names = list;
    size_t used = strlen(names->text);
    if (used + strlen(name) + 3 < names->room) snprintf(names->text + used, names->room - used, "%s%s", used > 0 ? ", " : "", name);
    return 0;
}

/* Links on the way may be missing, which H5Dopen would say too, but not apart from other mistakes. */
static hid_t open_dataset(hid_t file, const char *path, const char *name, char *message) {
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    if (dataset >= 0) return dataset;
    char names[300] = "";
    H5Literate(file, H5_INDEX_NAME, H5_ITER_INC, NULL, list_name, &(name_list){names, sizeof names});
    snprintf(message, PDL_NPY_MESSAGE, "%s has no dataset %s%s%s", path, name, *names != 0 ? "; it has " : "", names);
    return -1;
}

/* HDF5 keeps quiet, and does not close itself at the end: every file is closed by then, and after a failure it may not find an end. */
static void begin_hdf5(void) {
    H5dont_atexit();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

static hid_t open_to_read(const char *path, char *message) {
    begin_hdf5();
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0) snprintf(message, PDL_NPY_MESSAGE, "cannot read %s: HDF5 cannot open it; it may be no .h5 file, or damaged", path);
    return file;
}

/* Where the elements stand in one piece as this machine has them; 0: nowhere. */
static int64_t place_of(hid_t dataset, hid_t type, int element) {
    hid_t native = type_of_element(element), creation = H5Dget_create_plist(dataset);
    int plain = H5Tequal(type, native) > 0 && H5Pget_layout(creation) == H5D_CONTIGUOUS && H5Pget_external_count(creation) == 0;
    haddr_t at = plain ? H5Dget_offset(dataset) : HADDR_UNDEF;
    H5Pclose(creation);
    H5Tclose(native);
    return at == HADDR_UNDEF ? 0 : (int64_t)at;
}

static int look(const char *path, const char *name, pdl_npy *found, char *message) {
    hid_t file = open_to_read(path, message), dataset = file < 0 ? -1 : open_dataset(file, path, name, message);
    if (dataset >= 0) {
        hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
        hsize_t extents[H5S_MAX_RANK] = {0};
        *found = (pdl_npy){.element = element_of_type(type), .axes = H5Sget_simple_extent_ndims(space)};
        H5Sget_simple_extent_dims(space, extents, NULL);
        for (int axis = 0; axis < found->axes; axis++) found->extents[axis] = (int64_t)extents[axis];
        if (found->element < 0) {
            describe_type(type, found->type, sizeof found->type);
        } else {
            found->offset = place_of(dataset, type, found->element);
        }
        H5Sclose(space);
        H5Tclose(type);
        H5Dclose(dataset);
    }
    if (file >= 0) H5Fclose(file);
    return dataset >= 0;
}

static int read_part(const char *path, const char *name, const pdl_npy *header, const pdl_slab *part, char *message) {
    hid_t file = open_to_read(path, message), dataset = file < 0 ? -1 : open_dataset(file, path, name, message);
    int good = 0;
    if (dataset >= 0) {
        hsize_t first[PDL_NPY_AXES] = {0}, count[PDL_NPY_AXES];
        for (int axis = 0; axis < header->axes; axis++) count[axis] = (hsize_t)header->extents[axis];
        if (part->axis >= 0) {
            first[part->axis] = (hsize_t)part->first;
            count[part->axis] = (hsize_t)part->count;
        }
        hid_t there = H5Dget_space(dataset), here = H5Screate_simple(header->axes, count, NULL);
        hid_t type = type_of_element(header->element);
        if (header->axes > 0) H5Sselect_hyperslab(there, H5S_SELECT_SET, first, NULL, count, NULL);
        good = H5Dread(dataset, type, here, there, H5P_DEFAULT, part->out) >= 0;
        if (!good) snprintf(message, PDL_NPY_MESSAGE, "cannot read %s: HDF5 cannot read the dataset %s", path, name);
        H5Tclose(type);
        H5Sclose(here);
        H5Sclose(there);
        H5Dclose(dataset);
    }
    if (file >= 0) H5Fclose(file);
    return good;
}

/* ---- A new dataset, or a new one in an old one's place ---- */

static hid_t space_of(const pdl_npy *shape) {
    hsize_t extents[PDL_NPY_AXES];
    for (int axis = 0; axis < shape->axes; axis++) extents[axis] = (hsize_t)shape->extents[axis];
    return shape->axes == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(shape->axes, extents, NULL);
}

/* Room for all elements from the start, in one piece; nothing that depends on the time of day. */
static hid_t new_dataset(hid_t file, const char *name, const pdl_npy *shape) {
    hid_t space = space_of(shape), type = type_of_element(shape->element);
    hid_t links = H5Pcreate(H5P_LINK_CREATE), creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    H5Pset_layout(creation, H5D_CONTIGUOUS);
    H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER);
    H5Pset_obj_track_times(creation, 0);
    hid_t dataset = H5Dcreate2(file, name, type, space, links, creation, H5P_DEFAULT);
    H5Pclose(creation);
    H5Pclose(links);
    H5Tclose(type);
    H5Sclose(space);
    return dataset;
}

/* An old dataset of that shape and type is overwritten; another one under the name goes. -1: it is to be made. */
static hid_t old_dataset(hid_t file, const char *name, const pdl_npy *shape) {
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    if (dataset < 0) return -1;
    hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset), wanted = space_of(shape);
    int64_t at = 0;
    if (element_of_type(type) == shape->element && H5Sextent_equal(space, wanted) > 0) at = place_of(dataset, type, shape->element);
    H5Sclose(wanted);
    H5Sclose(space);
    H5Tclose(type);
    if (at > 0) return dataset;
    H5Dclose(dataset);
    H5Ldelete(file, name, H5P_DEFAULT);
    return -1;
}

static int create(const char *path, const char *name, const pdl_npy *shape, int64_t *offset, char *message) {
    begin_hdf5();
    struct stat facts;
    int is_new = stat(path, &facts) == 0 && facts.st_size == 0;
    hid_t file = is_new ? H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT) : H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t dataset = file < 0 ? -1 : old_dataset(file, name, shape);
    if (file >= 0 && dataset < 0) dataset = new_dataset(file, name, shape);
    haddr_t at = dataset < 0 ? HADDR_UNDEF : H5Dget_offset(dataset);
    *offset = at == HADDR_UNDEF ? 0 : (int64_t)at;
    int good = dataset >= 0 && H5Dclose(dataset) >= 0;
    good = file >= 0 && H5Fclose(file) >= 0 && good;
    if (!good && file < 0) {
        snprintf(message, PDL_NPY_MESSAGE, "HDF5 cannot open the old file; it may be no .h5 file, or damaged");
    } else if (!good) {
        snprintf(message, PDL_NPY_MESSAGE, "HDF5 cannot make the dataset %s", name);
    }
    return good;
}

const pdl_file_library pdl_hdf5 = {.look = look, .read = read_part, .create = create};
