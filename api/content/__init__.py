"""What people bring to be shown, made safe to show: pictures and CommonMark."""
