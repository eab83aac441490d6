-- Images at smaller widths, each made once. Without its image, which somebody may have deleted for a reason, none is left.
CREATE TABLE image_sizes (
    id INTEGER NOT NULL PRIMARY KEY,
    image_id VARCHAR(64) NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    width SMALLINT NOT NULL,
    height SMALLINT NOT NULL,
    content BLOB NOT NULL,
    UNIQUE (image_id, width)
);
