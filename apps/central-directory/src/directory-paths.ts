/** Base paths of the directory: its root, and the path of older clients. */
export const DIRECTORY_PATHS = ['', 'directory/v1'];
