{#- Components of the health score and their indicators. What they weigh and where they count 0 and 100 is in the seeds
    health_components and health_indicators. -#}
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


{#- Points 0-100 of an indicator between its worst and its best value; NULL where it has no value. -#}
{% macro indicator_points(indicator) -%}
    case
        when indicators.{{ indicator }} is not null
            then 100 * least(greatest(
                (indicators.{{ indicator }} - rules.{{ indicator }}_worst)
                / nullif(rules.{{ indicator }}_best - rules.{{ indicator }}_worst, 0), 0), 1)
    end
{%- endmacro %}


{#- Weighted mean of the expressions that are not NULL: what is missing passes its weight to the rest; NULL where all are. -#}
{% macro weighted_mean_of(pairs) -%}
    (
        ({% for weight, expression in pairs %}coalesce({{ weight }} * ({{ expression }}), 0){% if not loop.last %} + {% endif %}{% endfor %})
        / nullif({% for weight, expression in pairs %}case when ({{ expression }}) is null then 0 else {{ weight }} end{% if not loop.last %} + {% endif %}{% endfor %}, 0)
    )
{%- endmacro %}


{#- Days before a night that its change is measured against. -#}
{% macro health_drop_days() -%} {{ return(28) }} {%- endmacro %}


{#- First night of the history that is published; what it is compared with lies up to twice `health_drop_days` before. -#}
{% macro first_health_night(days_before=0) -%}
    {{ add_days(as_of_date(), '-(' ~ threshold('customer', 'health_history_days') ~ ' + ' ~ days_before ~ ')') }}
{%- endmacro %}


{#- Past nights that are held stay as they are, unless the features of a past night in the lake are others now. -#}
{% macro keeps_past_nights() -%} {{ return(is_incremental_run() and night('features_kept')) }} {%- endmacro %}


{#- As a hook of a model that goes on by nights: takes out those that are `outdated`; all where past nights are others now. -#}
{% macro delete_nights(outdated) -%}
    {%- if is_incremental() and keeps_past_nights() -%}
    delete from {{ this }} where {{ outdated }}
    {%- elif is_incremental() -%}
    {{ delete_all_rows() }}
    {%- endif -%}
{%- endmacro %}


{#- Past nights whose churn labels are known tonight: what the backtest needs. -#}
{% macro labelled_nights() -%}
    (
        select distinct labels.as_of
        from {{ feature_history('churn_labels') }} as labels
        where labels.known_from <= {{ as_of_date() }}
    )
{%- endmacro %}
