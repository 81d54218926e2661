from flask import Blueprint

desk_signups = Blueprint("desk_signups", __name__)
