{%- set dimensions = ['region', 'segment', 'product', 'channel', 'touchpoint', 'team'] -%}
{#- NPS answers count as -100, 0 or 100, so that NPS is a mean too. -#}
with windows as (
    select max(window_days) as longest from {{ ref('metric_windows') }}
),

responses as (
    select
        all_responses.*,
        {{ days_between('all_responses.response_date', as_of_date()) }} as days_ago
    from {{ ref('int_survey_responses') }} as all_responses
    cross join windows
    where {{ days_between('all_responses.response_date', as_of_date()) }} <= 2 * windows.longest
),

scores as (
    select
        responses.*,
        'nps' as metric,
        cast({{ nps_points('responses.nps') }} as double) as score
    from responses
    where responses.nps is not null
    union all
    select
        responses.*,
        'csat_mean' as metric,
        cast(csat as double) as score
    from responses
    where csat is not null
    union all
    select
        responses.*,
        'csat_top2' as metric,
        cast({{ csat_top_box_points('csat') }} as double) as score
    from responses
    where csat is not null
    union all
    select
        responses.*,
        'ces_mean' as metric,
        cast(ces as double) as score
    from responses
    where ces is not null
),

final as (
    select
        response_id,
        metric,
        'overall' as dimension,
        'all' as dimension_value,
        days_ago,
        score
    from scores
    {%- for dimension in dimensions %}
    union all
    select
        response_id,
        metric,
        '{{ dimension }}' as dimension,
        coalesce({{ dimension }}, 'unknown') as dimension_value,
        days_ago,
        score
    from scores
    {%- endfor %}
)

select * from final
