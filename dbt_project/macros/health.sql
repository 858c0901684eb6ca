{#- Jinja dict: the indicators of each component of the health score. Weights, and the values that count as 0 and 100 points, are
    in the seeds health_components and health_indicators. -#}
{% macro health_indicators() -%}
    {{ return({
        'activity': ['usage_minutes_change_28d', 'days_since_last_use', 'recency_over_gap', 'days_since_last_order'],
        'satisfaction': ['last_csat', 'last_nps', 'last_ces'],
        'service': [
            'open_tickets', 'complaints_90d', 'reopened_tickets_90d', 'late_deliveries_90d', 'outage_minutes_28d',
            'waits_over_promise_90d',
        ],
        'value': ['tenure_days', 'price_change_share_180d', 'revenue_change_90d'],
    }) }}
{%- endmacro %}


{#- SQL double: points 0-100 of an indicator, linear between its worst and its best value; NULL without a value. -#}
{% macro indicator_points(indicator) -%}
    case
        when indicators.{{ indicator }} is not null
            then 100 * least(greatest(
                (indicators.{{ indicator }} - rules.{{ indicator }}_worst)
                / nullif(rules.{{ indicator }}_best - rules.{{ indicator }}_worst, 0), 0), 1)
    end
{%- endmacro %}


{#- SQL double: weighted mean of (weight, expression) pairs whose expression is not NULL; NULL where all are NULL. -#}
{% macro weighted_mean_of(pairs) -%}
    (
        ({% for weight, expression in pairs %}coalesce({{ weight }} * ({{ expression }}), 0){% if not loop.last %} + {% endif %}{% endfor %})
        / nullif({% for weight, expression in pairs %}case when ({{ expression }}) is null then 0 else {{ weight }} end{% if not loop.last %} + {% endif %}{% endfor %}, 0)
    )
{%- endmacro %}


{#- Jinja integer: number of days over which the change of the score is measured. -#}
{% macro health_drop_days() -%} {{ return(28) }} {%- endmacro %}


{#- SQL date: first night of the published history, minus `days_before`. -#}
{% macro first_health_night(days_before=0) -%}
    {{ add_days(as_of_date(), '-(' ~ threshold('customer', 'health_history_days') ~ ' + ' ~ days_before ~ ')') }}
{%- endmacro %}


{#- Jinja boolean: whether rows of past nights are kept: in an incremental run whose features of past nights are unchanged. -#}
{% macro keeps_past_nights() -%} {{ return(is_incremental_run() and night('features_kept')) }} {%- endmacro %}


{#- Pre-hook of a model with one set of rows per night: deletes `outdated` nights, or all rows where past nights are not kept. -#}
{% macro delete_nights(outdated) -%}
    {%- if is_incremental() and keeps_past_nights() -%}
    delete from {{ this }} where {{ outdated }}
    {%- elif is_incremental() -%}
    {{ delete_all_rows() }}
    {%- endif -%}
{%- endmacro %}


{#- Subquery of past nights whose churn labels are known at `as_of`; the backtest needs them. -#}
{% macro labelled_nights() -%}
    (
        select distinct labels.as_of
        from {{ feature_history('churn_labels') }} as labels
        where labels.known_from <= {{ as_of_date() }}
    )
{%- endmacro %}
