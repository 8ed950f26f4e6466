#define FFI_SCOPE "justclick"
const char *jc_version(void);
const char *jc_status_name(int32_t status);
