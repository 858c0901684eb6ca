{#- Subquery of one DATE column `known_until`, the days up to which purchases and contracts count: `as_of`, the day that the value
    is compared with, and the day from which the backtest predicts. -#}
{% macro value_days() -%}
    (
        select {{ as_of_date() }} as known_until
        union
        select {{ add_days(as_of_date(), -var('value_movement_days')) }} as known_until
        union
        select {{ add_days(as_of_date(), -var('value_holdout_days')) }} as known_until
    )
{%- endmacro %}


{#- Jinja list: days of tenure at which each band of constant hazard begins: 30-day bands for two years, then longer ones. -#}
{% macro tenure_bands() -%}
    {{ return(range(0, 720, 30) | list + [720, 1080, 1800]) }}
{%- endmacro %}
