/** Where the directory is served: at its root, and under the path that older clients know. */
export const DIRECTORY_PATHS = ['', 'directory/v1'];
